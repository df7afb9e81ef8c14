"""From free words to a template, a palette and a style, offline.

Words are compared by their stems. A word counts the more, the fewer templates know it (inverse
document frequency), and the more prominent the place where the template says it.
"""

import functools
import math
import re
from collections.abc import Iterable, Mapping

import msgspec

from pickabook_desktop.domain.template import Palette, Style, Template

TITLE, WORD, WORLD, TAG, SUMMARY = 2.0, 1.6, 1.6, 1.0, 0.5
SYNONYM_SHARE, MISSPELT_SHARE = 0.7, 0.6
# Similarity from which a word counts as a misspelling, and the length from which to look for one.
MISSPELT, MISSPELT_LENGTH = 0.84, 5

STOP_WORDS = (
    "a about an and are as at be by child children draw for from he her him his i in into is it its"
    " kid like make me my of on one or our page picture please she small some style that the their"
    " them they this to up want we who with would you your"
)

# Each line is one idea; any of its words may stand for another.
SYNONYMS = (
    "space astronaut cosmonaut rocket moon planet star galaxy cosmos spaceship",
    "sea ocean underwater dive diver mermaid reef fish submarine snorkel",
    "forest wood woods woodland tree jungle",
    "winter snow ice christmas frost sled",
    "night bedtime sleep dream goodnight evening",
    "castle knight king queen prince princess dragon royal fairytale",
    "pirate ship treasure sail island captain",
    "dinosaur dino t-rex prehistoric",
    "farm barn tractor cow chicken",
    "circus clown acrobat tent",
    "city town street",
    "school class teacher classroom",
    "birthday party cake balloon",
    "garden flower meadow butterfly bee",
    "bear teddy cub",
    "fly flying plane airplane aeroplane pilot sky cloud balloon",
    "magic wizard witch spell fairy",
    "hero superhero cape",
    "explorer adventure expedition journey",
    "animal animals pet creature zoo",
    "grey gray silver",
    "pink rose magenta",
    "purple violet lilac",
    "blue navy azure turquoise",
    "green mint emerald",
    "yellow gold golden",
    "red crimson scarlet",
    "watercolour watercolor aquarelle",
    "comic comics cartoon manga",
    "pencil crayon sketch",
    "papercut paper collage cutout",
)

_WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")
_IRREGULAR = {"mice": "mouse", "children": "child", "wolves": "wolf", "leaves": "leaf"}


class Match(msgspec.Struct, frozen=True):
    """What the words chose. Ids are empty where they chose nothing and nothing was given.

    ``used`` and ``unused`` are words as they were written, without filling words; each once.
    """

    template_id: str
    style_id: str
    palette_id: str
    used: tuple[str, ...]
    unused: tuple[str, ...]


def match_prompt(
    prompt: str,
    templates: Mapping[str, Template],
    styles: Mapping[str, Style],
    *,
    template_id: str = "",
    style_id: str = "",
    palette_id: str = "",
) -> Match:
    """Choose what is not given already; a choice that is given stays."""
    words = {stem(word): word for word in reversed(_words(prompt))}
    used: set[str] = set()
    if not template_id:
        template_id, used = _best_template(words, templates)
    template = templates.get(template_id)
    palettes = template.palettes if template else ()
    chosen_palette, palette_used = _best_named(words, palettes)
    chosen_style, style_used = _best_named(words, styles.values())
    # A word that names what was chosen by hand has its wish fulfilled as well.
    if palette_id in ("", chosen_palette):
        palette_id, used = chosen_palette, used | palette_used
    if style_id in ("", chosen_style):
        style_id, used = chosen_style, used | style_used
    ordered = list(reversed(words))
    return Match(
        template_id=template_id,
        style_id=style_id,
        palette_id=palette_id,
        used=tuple(words[word] for word in ordered if word in used),
        unused=tuple(words[word] for word in ordered if word not in used),
    )


def stem(word: str) -> str:
    """The word in lower case without its commonest English endings."""
    word = re.sub(r"[’']s?$", "", word.lower())
    word = _IRREGULAR.get(word, word)
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "sses", "xes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us")) and len(word) > 3:
        word = word[:-1]
    for ending in ("ing", "ed"):
        root = word.removesuffix(ending)
        if root != word and len(root) > 2:
            doubled = root[-1] == root[-2] and root[-1] not in "lsz"
            return root[:-1] if doubled else root.removesuffix("e")
    return word.removesuffix("e") if len(word) > 3 else word


def _words(text: str) -> list[str]:
    filling = STOP_WORDS.split()
    return [word for word in _WORD.findall(text) if word.lower() not in filling]


def _stems(texts: Iterable[str]) -> set[str]:
    return {stem(word) for text in texts for word in _words(text)}


@functools.cache
def _ideas() -> dict[str, set[str]]:
    ideas: dict[str, set[str]] = {}
    for line in SYNONYMS:
        group = {stem(word) for word in line.split()}
        for word in group:
            ideas.setdefault(word, set()).update(group)
    return ideas


def _weights(template: Template) -> dict[str, float]:
    """How much each stem says about a template."""
    fields = (
        (SUMMARY, (template.summary,)),
        (TAG, template.tags),
        (WORLD, (template.world,)),
        (WORD, template.words),
        (TITLE, (template.title, template.id)),
    )
    weights: dict[str, float] = {}
    for weight, texts in fields:
        for word in _stems(texts):
            weights[word] = max(weight, weights.get(word, 0.0))
    return weights


def _score(word: str, weights: Mapping[str, float]) -> float:
    """What one stem of the prompt says for a template of these ``weights``."""
    if word in weights:
        return weights[word]
    related = _ideas().get(word, set())
    near = max((weights[other] for other in related if other in weights), default=0.0)
    if near:
        return near * SYNONYM_SHARE
    if len(word) < MISSPELT_LENGTH:
        return 0.0
    import difflib

    alike = difflib.get_close_matches(word, weights, n=1, cutoff=MISSPELT)
    return weights[alike[0]] * MISSPELT_SHARE if alike else 0.0


def _best_template(words: Iterable[str], templates: Mapping[str, Template]) -> tuple[str, set[str]]:
    known = {template_id: _weights(template) for template_id, template in templates.items()}
    totals = dict.fromkeys(known, 0.0)
    reasons: dict[str, set[str]] = {template_id: set() for template_id in known}
    for word in words:
        scores = {template_id: _score(word, weights) for template_id, weights in known.items()}
        knowing = sum(score > 0 for score in scores.values())
        rarity = math.log1p(len(known) / knowing) if knowing else 0.0
        for template_id, score in scores.items():
            if score:
                totals[template_id] += score * rarity
                reasons[template_id].add(word)
    best = max(sorted(totals), key=lambda template_id: totals[template_id], default="")
    if not best or not totals[best]:
        return "", set()
    return best, reasons[best]


def _best_named(words: Iterable[str], choices: Iterable[Palette | Style]) -> tuple[str, set[str]]:
    """The palette or style that most words ask for, and those words."""
    ideas = _ideas()
    best, best_score, reasons = "", 0.0, set[str]()
    for choice in choices:
        names = _stems(choice.words)
        exact = {word for word in words if word in names}
        near = {word for word in words if word not in exact and ideas.get(word, set()) & names}
        score = len(exact) + SYNONYM_SHARE * len(near)
        if score > best_score:
            best, best_score, reasons = choice.id, score, exact | near
    return best, reasons
