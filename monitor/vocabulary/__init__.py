"""The field's words as data: any label can be asked what it means, and an unknown one is said to be unknown.

What a statistician changes is a CSV file beside the code; nothing beyond the standard library is imported here.
"""

from monitor.vocabulary.ages import AgeBand, parse_age
from monitor.vocabulary.characteristics import (
    CHARACTERISTICS,
    DIMENSIONS,
    PROTECTED,
    Characteristic,
    dimension_of,
    spoken_of_by,
)
from monitor.vocabulary.classifications import (
    Classification,
    best_classification,
    classification,
    classification_codes,
    is_usual,
    members,
)
from monitor.vocabulary.dictionary import (
    Category,
    Meaning,
    categories,
    category,
    closest,
    identification_of,
    meanings,
    of_which,
    officer_observed,
    ordered,
)
from monitor.vocabulary.labels import Label, clean_label, is_note_only
from monitor.vocabulary.periods import (
    ImpossiblePeriod,
    Period,
    axis_periods,
    day_in,
    edition_end,
    parse_period,
    periods_in,
)
from monitor.vocabulary.places import (
    Place,
    axis_places,
    country_named_in,
    establishment_functions,
    local_names_in,
    place,
    place_members,
    places_named,
    places_of,
    places_of_kind,
)
from monitor.vocabulary.symbols import (
    STANDARD,
    Symbol,
    Value,
    closest_symbols,
    decimal_mark,
    find_symbol,
    read_value,
    symbol_bounds,
    symbol_maps,
    why_unreadable,
)
from monitor.vocabulary.tables import UnknownWord, VocabularyError
from monitor.vocabulary.terms import GAP_CODES, OPEN_GOVERNMENT_LICENCE, TERMS
