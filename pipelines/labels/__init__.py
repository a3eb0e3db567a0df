"""What the labels of a table mean: the one reader, asked by the survey, by tidying and by drafts."""

from pipelines.labels.blanks import resolved
from pipelines.labels.dimensions import infer
from pipelines.labels.meaning import candidates, is_mark, is_total, text_of
from pipelines.labels.raised import drawn
from pipelines.labels.table import (
    Labels,
    Told,
    is_code_of,
    naming,
    read_labels,
    remarks,
    scope_of,
    unlabelled,
    words_around,
)
from pipelines.labels.unread import left_unread, names_in, understood_by
from pipelines.labels.views import View, narrowed, views
from pipelines.labels.walk import (
    AS_PUBLISHED,
    NO_LABEL,
    PART_OF_PERIOD,
    PLACE,
    RATE_AMONG_COUNTS,
    STATISTIC,
    TWICE,
    UNDER_UNKNOWN,
    UNKNOWN,
    UNREAD_ABOVE,
    Around,
    Placed,
    Reading,
    State,
    published_name,
    read_axis,
)
from pipelines.labels.words import constants, heading_of, is_rate, mentioned, several
