"""Static files with a hash in their names."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class PortalStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Also the names by which our scripts import each other get their hash."""

    support_js_module_import_aggregation = True
