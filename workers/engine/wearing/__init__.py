"""
Adapters that no loader puts on pictures' bases, worn by the base's own layers.

LoHa, LoKr, whole differences, normalisations, GLoRA, (IA)³, OFT and BOFT as trainers of pictures
write them: diffusers refuses them all. What each does to a layer is a difference of its weight, so
a hook on the layer adds what the difference alone would give. Nothing of the base is written to or
replaced, and each sample of a batch may have its own share of the difference.
"""

from __future__ import annotations
