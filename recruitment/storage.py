from whitenoise.storage import CompressedManifestStaticFilesStorage


class ModuleManifestStorage(CompressedManifestStaticFilesStorage):
    """Static files under hashed names, imports between ES modules included (those that end in a semicolon)."""

    support_js_module_import_aggregation = True
