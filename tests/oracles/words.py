"""Publishers' words for the groups they name, read off the sheets, as the field's standard terms."""

import re

from .said import AsPublished, plain

SEX = {
    "male": "male", "males": "male", "m": "male", "female": "female", "females": "female", "f": "female",
    "males and females": "all", "all persons": "all", "persons": "all", "total": "all", "all": "all",
}  # fmt: skip

BROAD = {
    "asian/ asian british": "Asian", "asian / asian british": "Asian", "asian or asian british": "Asian",
    "asian/asian british": "Asian", "asian, asian british or asian welsh": "Asian", "asian": "Asian",
    "black/ african/ caribbean/ black british": "Black", "black / african / caribbean / black british": "Black",
    "black or black british": "Black", "black/african/caribbean/black british": "Black", "black": "Black",
    "black, black british, black welsh, caribbean or african": "Black",
    "mixed/ multiple ethnic groups": "Mixed", "mixed / multiple ethnic groups": "Mixed", "mixed": "Mixed",
    "mixed/multiple ethnic group": "Mixed", "mixed or multiple ethnic groups": "Mixed",
    "other ethnic group": "Other", "other": "Other", "chinese or other": "Chinese or Other",
    "other inc chinese": "Chinese or Other", "white": "White",
}  # fmt: skip

DETAILED = {
    "Asian": {
        "pakistani": "Pakistani", "indian": "Indian", "bangladeshi": "Bangladeshi", "chinese": "Chinese",
        "any other background": "Asian other", "other asian": "Asian other",
    },
    "Black": {
        "caribbean": "Black Caribbean", "african": "Black African", "any other background": "Black other",
        "other black": "Black other",
    },
    "Mixed": {
        "white and black caribbean": "Mixed White and Black Caribbean",
        "white and black african": "Mixed White and Black African", "white and asian": "Mixed White and Asian",
        "any other background": "Mixed other", "other mixed": "Mixed other",
        "other mixed or multiple ethnic groups": "Mixed other",
    },
    "Other": {"arab": "Arab", "any other background": "Any other ethnic group",
              "any other ethnic group": "Any other ethnic group"},
    "White": {
        "english/welsh/scottish/n. irish/british": "White British",
        "english/welsh/scottish/northern irish/british": "White British",
        "english, welsh, scottish, northern irish or british": "White British",
        "irish traveller or gypsy": "Gypsy or Irish Traveller", "gypsy or irish traveller": "Gypsy or Irish Traveller",
        "irish": "White Irish", "roma": "Roma", "any other background": "White other", "other white": "White other",
    },
}  # fmt: skip

RELIGION = {
    "christian": "Christian", "all christian": "Christian", "muslim": "Muslim", "hindu": "Hindu", "sikh": "Sikh",
    "buddhist": "Buddhist", "jewish": "Jewish", "no religion": "No religion", "not recorded": "Not recorded",
    "other religious groups": "Other religion", "other religious group": "Other religion",
    "other religion": "Other religion", "other non-recognised": "Non-recognised religion",
    "non recognised": "Non-recognised religion", "not answered": "Not answered", "anglican": "Anglican",
    "free church": "Free Church", "roman catholic": "Roman Catholic", "other christian": "Other Christian",
}  # fmt: skip


def group(label: str) -> str:
    """An ethnic group written whole: `White`, or `White: Irish`."""
    broad, _, inner = plain(label).partition(": ")
    if broad.startswith("all categories") or inner == "":
        return "all" if broad.startswith("all categories") else BROAD[broad]
    return BROAD[broad] if inner == "total" else DETAILED[BROAD[broad]][inner]


def age(label: str) -> str:
    """Ages as `15-17`, `60 and over`, `under 5`, `15`."""
    words = re.sub(r"^(?:aged?)\s+|\s*(?:years?|year olds?)\b|\s*yrs?\b", "", plain(label)).strip()
    words = re.sub(r"\s+", " ", words)
    if words in ("total", "all categories: age", "all ages", "all categories:"):
        return "all"
    if m := re.fullmatch(r"(\d+)\s*(?:-|to|–)\s*(\d+)", words):
        return f"under {int(m[2]) + 1}" if m[1] == "0" else f"{m[1]}-{m[2]}"
    if m := re.fullmatch(r"(\d+)\s*(?:\+|and over|or over)", words):
        return f"{m[1]} and over"
    if m := re.fullmatch(r"(\d+) and under", words):
        return f"under {int(m[1]) + 1}"
    if m := re.fullmatch(r"under (\d+)", words):
        return "0" if m[1] == "1" else f"under {m[1]}"
    if re.fullmatch(r"\d+(\.0)?", words):
        return str(int(float(words)))
    return AsPublished(label)
