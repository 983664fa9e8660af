"""The network: one encoder and the heads of the table, in torch."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import BertConfig, BertModel

from ..language.heads import CASE_CLASSES, HEADS

IGNORE = -100
"""Label of a word that a source says nothing about; torch's own default for its loss."""

_OUTSIDE = -1e4  # score of a head in another sentence; finite, so that float16 would hold it
_ARC_SIZE = 256  # sizes of Dozat and Manning (2017) halved: the encoder has 384 dimensions
_RELATION_SIZE = 64
_LINK_SIZE = 64
_OTHER_ROWS = 0.3  # what words that are no cue count beside the cues in the loss of the links
_DROPOUT = 0.2

Batch = dict[str, Tensor]


def pretrained_encoder(folder: Path) -> BertModel:
    """The sentence encoder that training starts from, its token types taught to mean case.

    The uncased vocabulary loses the case of words; the token-type embedding, of no use here,
    carries a case class per piece instead. All classes start from the one that it knew.
    """
    encoder = BertModel.from_pretrained(
        folder,
        add_pooling_layer=False,
        attn_implementation="eager",
        # no dropout inside attention: lets torch use its fused CPU kernel
        attention_probs_dropout_prob=0.0,
    )
    old = encoder.embeddings.token_type_embeddings.weight.data
    new = nn.Embedding(CASE_CLASSES, old.shape[1])
    new.weight.data = old[0:1].repeat(CASE_CLASSES, 1).clone()
    encoder.embeddings.token_type_embeddings = new
    encoder.config.type_vocab_size = CASE_CLASSES
    return cast(BertModel, encoder)


def empty_encoder(folder: Path) -> BertModel:
    """An encoder of the same shape without weights, in the plain form that exports to ONNX."""
    config = BertConfig.from_pretrained(folder, type_vocab_size=CASE_CLASSES)
    config._attn_implementation = "eager"
    return BertModel(config, add_pooling_layer=False)


class Network(nn.Module):  # type: ignore[misc]
    """Encoder and heads.

    Args:
        encoder: BERT encoder with case classes for token types.
        labels: head name -> labels; and "rel" -> relations.
    """

    def __init__(self, encoder: BertModel, labels: dict[str, list[str]]) -> None:
        super().__init__()
        size = encoder.config.hidden_size
        self.encoder = encoder
        self.dropout = nn.Dropout(_DROPOUT)
        outputs = {
            h.name: 2 if h.kind == "sentence" else len(labels[h.name])
            for h in HEADS
            if h.kind not in ("arc", "link")
        }
        self.label = nn.ModuleDict({name: nn.Linear(size, n) for name, n in outputs.items()})
        self.relations = len(labels["rel"])
        self.arc_dep, self.arc_head = nn.Linear(size, _ARC_SIZE), nn.Linear(size, _ARC_SIZE)
        self.arc_weight = nn.Linear(_ARC_SIZE + 1, _ARC_SIZE, bias=False)
        self.rel_dep, self.rel_head = (
            nn.Linear(size, _RELATION_SIZE),
            nn.Linear(size, _RELATION_SIZE),
        )
        self.rel_weight = nn.Linear(_RELATION_SIZE, self.relations * _RELATION_SIZE)
        self.rel_prior = nn.Linear(_RELATION_SIZE, self.relations)
        self.link_labels = len(labels["links"])
        self.link_cue, self.link_word = nn.Linear(size, _LINK_SIZE), nn.Linear(size, _LINK_SIZE)
        self.link_weight = nn.Linear(_LINK_SIZE, self.link_labels * _LINK_SIZE)
        self.link_prior = nn.Linear(_LINK_SIZE, self.link_labels)
        # start from "no opinion": random bilinear products would be large and slow to unlearn
        nn.init.zeros_(self.arc_weight.weight)
        nn.init.normal_(self.rel_weight.weight, std=0.02)
        nn.init.normal_(self.link_weight.weight, std=0.02)

    def words(self, batch: Batch) -> Tensor:
        """Vectors of the words, (B, W+1, size); position 0 is the root."""
        states = self.encoder(
            input_ids=batch["ids"], token_type_ids=batch["case"], attention_mask=batch["mask"]
        ).last_hidden_state
        first = batch["first"].unsqueeze(-1).expand(-1, -1, states.shape[-1])
        return self.dropout(states.gather(1, first))

    def arcs(self, words: Tensor, starts: Tensor, word_mask: Tensor) -> Tensor:
        """Scores of every word as head of every word, (B, W+1, W+1).

        Args:
            words: vectors of `words`.
            starts: 1 where a word begins a sentence; heads are sought inside the sentence.
            word_mask: True for words and the root.
        """
        dep = self.dropout(functional.gelu(self.arc_dep(words)))
        head = self.dropout(functional.gelu(self.arc_head(words)))
        query = self.arc_weight(torch.cat([dep, torch.ones_like(dep[..., :1])], -1))
        scores = query @ head.transpose(1, 2) * (_ARC_SIZE**-0.5)
        sentence = torch.cumsum(starts, 1)
        same = sentence.unsqueeze(2) == sentence.unsqueeze(1)
        index = torch.arange(words.shape[1], device=words.device)
        root = (index == 0)[None, None, :]
        itself = (index[:, None] == index[None, :])[None]
        allowed = (same | root) & ~itself & word_mask.unsqueeze(1)
        return torch.where(allowed, scores.float(), torch.full((), _OUTSIDE, device=words.device))

    def relation_vectors(self, words: Tensor) -> tuple[Tensor, Tensor]:
        """Vectors of words as dependents and as heads, for the relation labels."""
        dep = self.dropout(functional.gelu(self.rel_dep(words)))
        return dep, self.dropout(functional.gelu(self.rel_head(words)))

    def relation_scores(self, dep: Tensor, head: Tensor, heads: Tensor) -> Tensor:
        """Scores of the relations to given heads, (B, W+1, R)."""
        chosen = head.gather(1, heads.unsqueeze(-1).expand(-1, -1, head.shape[-1]))
        weights = self.rel_weight(dep).view(*dep.shape[:2], self.relations, _RELATION_SIZE)
        return (weights @ chosen.unsqueeze(-1)).squeeze(-1) + self.rel_prior(chosen)

    def link_scores(self, words: Tensor) -> Tensor:
        """Scores of what each word is to each word as a cue, (B, W+1 cues, W+1 words, L)."""
        cue = self.dropout(functional.gelu(self.link_cue(words)))
        word = self.dropout(functional.gelu(self.link_word(words)))
        weights = self.link_weight(cue).view(*cue.shape[:2], self.link_labels, _LINK_SIZE)
        scores = weights.flatten(1, 2) @ word.transpose(1, 2)
        scores = scores.view(*cue.shape[:2], self.link_labels, -1).transpose(2, 3)
        return scores + self.link_prior(word).unsqueeze(1)

    def losses(self, batch: Batch) -> dict[str, Tensor]:
        """Mean loss of each head over the words that its layer labels; 0 where there are none."""
        words = self.words(batch)
        losses = {name: _loss(layer(words), batch[name]) for name, layer in self.label.items()}
        scores = self.arcs(words, batch["starts"], batch["word_mask"].bool())
        dep, head = self.relation_vectors(words)
        relations = self.relation_scores(dep, head, batch["arc"].clamp(min=0))
        losses["arc"] = _loss(scores, batch["arc"]) + _loss(relations, batch["rel"])
        losses["links"] = _link_loss(self.link_scores(words), batch["links"], batch["linked"])
        return losses


def _link_loss(scores: Tensor, links: Tensor, linked: Tensor) -> Tensor:
    """Mean loss over the words that cues may be linked to, and less of it over other words' rows.

    Args:
        scores: of `Network.link_scores`.
        links: (B, 3N): cue, word, label, cue, word, label, …, padded with zeros.
        linked: (B, W+1): 1 for the words of which the source says all links.
    """
    truth = torch.zeros(scores.shape[:3], dtype=torch.long, device=scores.device)
    batch = torch.arange(len(links), device=links.device).unsqueeze(1)
    cue, word, label = links.view(len(links), -1, 3).unbind(-1)
    truth[batch, cue, word] = label
    known = linked.bool()
    truth[~(known.unsqueeze(1) & known.unsqueeze(2))] = IGNORE
    cues = (truth > 0).any(-1, keepdim=True)
    return _loss(scores, truth.masked_fill(~cues, IGNORE)) + _OTHER_ROWS * _loss(
        scores, truth.masked_fill(cues, IGNORE)
    )


def _loss(scores: Tensor, labels: Tensor) -> Tensor:
    labels = labels.reshape(-1)
    if not bool((labels != IGNORE).any()):
        return scores.sum() * 0.0
    return functional.cross_entropy(
        scores.float().reshape(-1, scores.shape[-1]), labels, ignore_index=IGNORE
    )
