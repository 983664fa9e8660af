"""Records against gold: scores, and the gate that holds their floors."""

from .gate import check_floors, load_floors, raise_floors, save_floors
from .passages import load_passages, pass_rates, run_passages
from .revisions import evaluate_revisions, is_folder_of_revisions
from .run import evaluate

__all__ = [
    "check_floors",
    "evaluate",
    "evaluate_revisions",
    "is_folder_of_revisions",
    "load_floors",
    "load_passages",
    "pass_rates",
    "raise_floors",
    "run_passages",
    "save_floors",
]
