"""Windows, network and export on a tiny encoder: shapes, masks, and torch and ONNX agreeing."""

from __future__ import annotations

import copy
import json
import random
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")
pytest.importorskip("onnx")

from pipeline.language.heads import CASE_CLASSES, HEADS  # noqa: E402
from pipeline.language.pieces import Pieces  # noqa: E402
from pipeline.train.batches import (  # noqa: E402
    MAX_PIECES,
    Examples,
    Labels,
    batched,
    collate,
)
from pipeline.train.corpus import Document, Sentence, bio, links  # noqa: E402
from pipeline.train.export import INPUTS, OUTPUTS, export  # noqa: E402
from pipeline.train.network import IGNORE, Network  # noqa: E402
from pipeline.train.refine import refine  # noqa: E402

LAYERS = [head.name for head in HEADS if head.kind != "link"]
WORDS = ["ana", "said", "that", "rates", "may", "rise", "."]
VOCABULARY = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *WORDS, "un", "##likely"]


def parsed(words: list[str]) -> Sentence:
    """A sentence with every layer, each word the dependent of the one before it."""
    n = len(words)
    return Sentence(
        words,
        [True] * n,
        {
            "upos": ["X"] * n,
            "xpos": ["NN", "VB"] * (n // 2) + ["NN"] * (n % 2),
            "feats": ["_"] * n,
            "lemma": [w.lower() for w in words],
            "rel": ["root"] + ["dep"] * (n - 1),
            "ner": list(bio(n, [(0, 1, "PERSON")])),
            "links": links(n, [[(0, 1, "SOURCE"), (1, 2, "CUE"), (2, n - 1, "CONTENT")]]),
        },
        list(range(n)),
    )


def documents() -> list[Document]:
    long = [parsed(["Ana", "said", "unlikely", "rates", "rise", "."]) for _ in range(60)]
    raw = Sentence(WORDS, [True] * 7, {"hedges": list(bio(7, [(4, 5, "CUE")]))})
    return [
        Document("a", "ewt", long),
        Document("b", "written", [raw], true_sentences=False),
    ]


@pytest.fixture(scope="module")
def labels() -> Labels:
    return Labels.of(documents())


@pytest.fixture(scope="module")
def examples(labels: Labels) -> Examples:
    return Examples(Pieces(VOCABULARY), labels)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder like that of the pretrained encoder, but tiny."""
    folder = tmp_path_factory.mktemp("base")
    config = transformers.BertConfig(
        vocab_size=len(VOCABULARY),
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        type_vocab_size=CASE_CLASSES,
    )
    config.save_pretrained(folder)
    (folder / "vocab.txt").write_text("\n".join(VOCABULARY) + "\n", "utf-8")
    return folder


@pytest.fixture(scope="module")
def network(base: Path, labels: Labels) -> Network:
    torch.manual_seed(0)
    config = transformers.BertConfig.from_pretrained(base)
    config._attn_implementation = "eager"
    made = Network(transformers.BertModel(config, add_pooling_layer=False), labels.names)
    # scores that differ, so that the best ones are not ties
    torch.nn.init.normal_(made.arc_weight.weight)
    return made.eval()


def test_labels_come_from_treebanks_and_the_head_table(labels: Labels) -> None:
    assert labels.names["rel"] == ["dep", "root"]
    assert labels.names["hedges"] == ["O", "B-CUE", "I-CUE"]
    assert "l0:" in labels.names["lemma"]


def test_epoch_covers_every_sentence_and_repeats_with_the_seed(examples: Examples) -> None:
    first = examples.epoch(documents(), random.Random(1), 400)
    again = examples.epoch(documents(), random.Random(1), 400)
    other = examples.epoch(documents(), random.Random(2), 400)
    assert first == again != other
    windows = [window for batch in first for window in batch]
    assert all(len(w["ids"]) <= MAX_PIECES for w in windows)
    assert all(
        len({len(w[k]) for k in ("first", "starts", "linked", *LAYERS)}) == 1 for w in windows
    )
    # cut-off ends are taught nothing, so every sentence's root is taught exactly once
    assert sum(w["arc"].count(0) for w in windows) == 60


def test_cut_off_sentence_is_seen_but_not_taught(examples: Examples) -> None:
    whole = parsed(["Ana", "said", "rates", "rise"])
    window = examples.example([whole, whole], True, cut=2)
    assert len(window["first"]) == 1 + 4 + 2
    assert window["arc"] == [IGNORE, 0, 1, 2, 3, IGNORE, IGNORE]
    assert window["upos"][5:] == window["ner"][5:] == [IGNORE, IGNORE]
    assert window["linked"] == [0, 1, 1, 1, 1, 0, 0]
    # "said" has its source before it and its content after it
    assert window["links"] == [2, 1, 1, 2, 3, 2]


def test_missing_layers_are_masked(examples: Examples) -> None:
    raw = documents()[1].sentences
    window = examples.example(raw, False)
    for name in ("upos", "lemma", "ner", "attribution", "arc", "rel", "sentence"):
        assert set(window[name]) == {IGNORE}, name
    assert window["hedges"][5] == 1
    assert set(window["linked"]) == {0}
    assert window["links"] == []


def test_batches_keep_to_the_budget(examples: Examples) -> None:
    window = examples.example([parsed(WORDS)], True)
    batches = list(batched([window] * 10, 3 * len(window["ids"])))
    assert [len(b) for b in batches] == [3, 3, 3, 1]


def test_masked_words_do_not_move_the_loss(examples: Examples, network: Network) -> None:
    losses = network.losses(collate([examples.example(documents()[1].sentences, False)]))
    assert {name for name, loss in losses.items() if loss.item()} == {"hedges"}
    assert set(losses) == {head.name for head in HEADS}


def test_links_are_learned(examples: Examples, base: Path, labels: Labels) -> None:
    """From nothing but the loss the network learns which words are source and content."""
    torch.manual_seed(1)
    config = transformers.BertConfig.from_pretrained(base)
    learner = Network(transformers.BertModel(config, add_pooling_layer=False), labels.names)
    window = examples.example([parsed(WORDS)], True)
    raw = examples.example(documents()[1].sentences, False)
    batch = collate([window, raw])
    optimizer = torch.optim.Adam(learner.parameters(), lr=1e-2)
    for _ in range(150):
        optimizer.zero_grad()
        learner.losses(batch)["links"].backward()
        optimizer.step()
    found = learner.eval().link_scores(learner.words(batch)).argmax(-1)[0]
    source, content = (labels.names["links"].index(x) for x in ("SOURCE", "CONTENT"))
    assert found[2, 1:].tolist() == [source, 0, *[content] * 4, 0]
    assert found[[1, 3, 4, 5, 6, 7], 1:].eq(0).all()


def test_heads_are_sought_inside_the_sentence(examples: Examples, network: Network) -> None:
    window = examples.example([parsed(["Ana", "said"]), parsed(["rates", "rise"])], True)
    batch = collate([window])
    scores = network.arcs(network.words(batch), batch["starts"], batch["word_mask"].bool())
    allowed = (scores[0, 1:] > -1e3).int().tolist()
    assert allowed == [[1, 0, 1, 0, 0], [1, 1, 0, 0, 0], [1, 0, 0, 0, 1], [1, 0, 0, 1, 0]]


def test_exported_model_says_what_the_network_says(
    examples: Examples, network: Network, labels: Labels, base: Path, tmp_path: Path
) -> None:
    import onnxruntime

    export(network, labels, base, tmp_path / "m", inflections={}, version="1", variant="fp32")
    meta = json.loads((tmp_path / "m" / "meta.json").read_text("utf-8"))
    assert meta["labels"] == labels.names
    session = onnxruntime.InferenceSession(
        str(tmp_path / "m" / "encoder.onnx"), providers=["CPUExecutionProvider"]
    )
    assert {i.name for i in session.get_inputs()} == set(INPUTS)
    # one window at a time: the exported model knows no padding
    batch = collate([examples.example([parsed(WORDS), parsed(["Ana", "said"])], True)])
    feed = {name: batch[name].numpy() for name in INPUTS}
    found = dict(zip(OUTPUTS, session.run(list(OUTPUTS), feed), strict=True))
    with torch.no_grad():
        words = network.words(batch)
        arc = network.arcs(words, batch["starts"], batch["word_mask"].bool())
        dep, above = network.relation_vectors(words)
        rel = network.relation_scores(dep, above, arc.argmax(-1))
        ner = network.label["ner"](words).softmax(-1)
        linked = network.link_scores(words).softmax(-1)
    np.testing.assert_allclose(found["arc"], arc, atol=1e-4)
    np.testing.assert_allclose(found["ner"], ner, atol=1e-5)
    np.testing.assert_allclose(found["links"], linked, atol=1e-5)
    np.testing.assert_array_equal(found["head"], arc.argmax(-1))
    np.testing.assert_array_equal(found["start"], batch["starts"])
    # the relation of an arc, computed again from relations.npz as the run time does
    with np.load(tmp_path / "m" / "relations.npz") as z:
        word = 3
        d, h = found["rel_dep"][0, word], found["rel_head"][0, found["head"][0, word]]
        scores = (z["w"] @ d + z["b"]).reshape(-1, len(h)) @ h + z["hw"] @ h + z["hb"]
    np.testing.assert_allclose(scores, rel[0, word], atol=1e-4)


def test_unknown_starts_are_decided_by_the_model(
    examples: Examples, network: Network, labels: Labels, base: Path, tmp_path: Path
) -> None:
    import onnxruntime

    export(network, labels, base, tmp_path / "m", inflections={}, version="1", variant="int8")
    session = onnxruntime.InferenceSession(
        str(tmp_path / "m" / "encoder.onnx"), providers=["CPUExecutionProvider"]
    )
    batch = collate([examples.example([parsed(WORDS)], True)])
    feed = {name: batch[name].numpy() for name in INPUTS}
    feed["starts"][:, 2:] = -1
    start, sentence = session.run(["start", "sentence"], feed)
    assert start[0, :2].tolist() == [0, 1]
    np.testing.assert_array_equal(start[0, 2:], sentence[0, 2:] > 0.5)


def test_training_repeats_with_the_seed_and_resumes(
    base: Path, labels: Labels, tmp_path: Path
) -> None:
    from pipeline.train.fit import fit

    config = transformers.BertConfig.from_pretrained(base)
    torch.manual_seed(5)
    transformers.BertModel(config, add_pooling_layer=False).save_pretrained(base)

    def weights(folder: str, epochs: int) -> torch.Tensor:
        output = tmp_path / folder
        output.mkdir(exist_ok=True)
        fitted = fit(documents(), labels, base, output, seed=3, epochs=epochs, minutes=None)
        assert fitted.epochs == epochs
        return torch.cat([p.detach().flatten() for p in fitted.network.parameters()])

    once = weights("a", 2)
    assert torch.equal(once, weights("b", 2))
    # a finished run is not trained further
    assert torch.equal(once, weights("a", 2))


def test_time_limit_ends_training_early(base: Path, labels: Labels, tmp_path: Path) -> None:
    from pipeline.train.fit import fit

    fitted = fit(documents(), labels, base, tmp_path, seed=3, epochs=10**6, minutes=0.01)
    assert 0 < fitted.epochs < 10**6


def test_refining_teaches_readings_and_goes_back_with_the_rest(
    base: Path, labels: Labels, examples: Examples, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = Sentence(WORDS, [True] * 7, {"readings": ["O"] * 4 + ["hedge"] + ["O"] * 2})
    corpus = [Document("c", "readings", [read] * 4, true_sentences=False)]
    window = collate([examples.example([read], False)])
    monkeypatch.setattr("pipeline.train.refine._EPOCHS", 4)
    monkeypatch.setattr("pipeline.train.refine._WARM_UP_STEPS", 1)

    def hedge(network: Network) -> float:
        scores = network.label["readings"](network.words(window))[0, 5].detach()
        return float(scores.softmax(-1)[labels.names["readings"].index("hedge")])

    def refined(share: float) -> tuple[Network, Network]:
        monkeypatch.setattr("pipeline.train.refine._SHARE", share)
        torch.manual_seed(0)
        config = transformers.BertConfig.from_pretrained(base)
        config._attn_implementation = "eager"
        made = Network(transformers.BertModel(config, add_pooling_layer=False), labels.names).eval()
        before = copy.deepcopy(made)
        refine(made, corpus, labels, Pieces(VOCABULARY), seed=0)
        assert not made.training
        return before, made

    before, whole = refined(1.0)
    _, half = refined(0.5)
    assert hedge(before) < hedge(whole)
    old, new = dict(before.named_parameters()), dict(whole.named_parameters())
    for name, weight in half.named_parameters():
        part = 1.0 if name.startswith("label.readings.") else 0.5
        torch.testing.assert_close(weight, old[name] + part * (new[name] - old[name]))
