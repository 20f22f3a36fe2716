"""Makes the assertions of the helpers tell what they compared."""

import pytest

pytest.register_assert_rewrite("tests.guide.routing.helpers")
