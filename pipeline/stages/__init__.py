"""The stages: each finds one kind of thing in a Doc and works alone in any spaCy pipeline."""
