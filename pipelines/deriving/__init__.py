"""Figures to disparities: denominators, fit, arithmetic, and the rows a reader sees."""

from pipelines.deriving.clustering import Clusters
from pipelines.deriving.crossings import crossings, each_within
from pipelines.deriving.denominators import Population
from pipelines.deriving.disparity import derive
from pipelines.deriving.explained import Ages, explained
from pipelines.deriving.fit import Refused, Request, leading_fit, within_of
from pipelines.deriving.journey import journey
from pipelines.deriving.judging import leading
from pipelines.deriving.many import adjusted_together
from pipelines.deriving.opposite import DIRECTION_DIFFERS, directions_flagged, other_denominators
from pipelines.deriving.periods import PERIOD
from pipelines.deriving.places import shares_together
from pipelines.deriving.pooling import by_category, each_stratum, pooled
from pipelines.deriving.references import EACH
from pipelines.deriving.residents import SYSTEM
from pipelines.deriving.sensitivity import AS_KNOWN, BRITISH, EVERYONE, counted, sensitivity
from pipelines.deriving.strata import by_table, exposed, residing
from pipelines.deriving.summaries import every_summary, summaries
from pipelines.deriving.trend import five_years_before, trend
from pipelines.deriving.withholding import Taken, guarded
