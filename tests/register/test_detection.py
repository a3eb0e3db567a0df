"""What the register notices of real files changed as publishers change them: a sample of what the benchmark counts."""

import pytest

from tests.benchmarks import mutations
from tests.benchmarks.register import scale

needs_published = pytest.mark.skipif(
    not mutations.PUBLISHED.exists(), reason="needs ../shared/published beside the checkout"
)


@needs_published
@pytest.mark.parametrize("harmful", [True, False], ids=["harmful", "harmless"])
def test_a_harmful_change_is_noticed_and_a_harmless_one_raises_no_alarm(harmful) -> None:
    found = [o for o in mutations.outcomes(60, seed=7) if o.harmful == harmful]
    assert len(found) >= 20
    assert [o for o in found if not o.right] == []


def test_many_publications_take_seconds_and_twice_the_editions_about_twice_as_long() -> None:
    scale(8, 8, 20)  # because the first run fills caches
    once, twice = (min(scale(editions=n).seconds for _ in range(2)) for n in (10, 20))
    assert twice < 5
    assert twice < 2.3 * once
