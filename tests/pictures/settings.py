"""The settings of the tests, with uploads where scripts/pictures says: another process loads the towns."""

import os

from tests.settings import *

MEDIA_ROOT = os.environ["MEDIA_ROOT"]
