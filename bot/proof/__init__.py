"""What a proof says. Pure: evidence in, what became of the quote in every version and the bundle out."""

from bot.proof.address import PATH, Pages
from bot.proof.bundle import bundle
from bot.proof.proof import Proof, Step, prove

__all__ = ["PATH", "Pages", "Proof", "Step", "bundle", "prove"]
