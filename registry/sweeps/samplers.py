"""
The samplers that a scene may ask for by name, and what people call them.

Which of them suits a base is the engine's to say: a base that follows a flow has samplers of its
own, and one that was trained to end at pure noise needs one that can begin there.
"""

from __future__ import annotations

from collections.abc import Mapping

SAMPLERS: Mapping[str, str] = {
    "euler": "Euler",
    "euler_a": "Euler a",
    "heun": "Heun",
    "ddim": "DDIM",
    "ddpm": "DDPM",
    "pndm": "PNDM (PLMS)",
    "lcm": "LCM",
    "dpmpp_2m": "DPM++ 2M",
    "dpmpp_2m_karras": "DPM++ 2M Karras",
    "dpmpp_2m_sde": "DPM++ 2M SDE",
    "unipc": "UniPC",
}
