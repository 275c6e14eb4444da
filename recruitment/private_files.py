"""Where private files are kept: a folder of the machine, or a bucket that speaks S3."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit


def private_storage(url: str, folder: Path) -> dict[str, Any]:
    """An entry of `STORAGES`: `folder`, or `s3://key:secret@host[:port]/bucket[?region=…&tls=0]`.

    Raises `ValueError` where the address names no bucket.
    """
    if not url:
        return {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": folder}}
    parts = urlsplit(url)
    bucket, query = parts.path.strip("/"), parse_qs(parts.query)
    if parts.scheme != "s3" or not parts.hostname or not bucket or "/" in bucket:
        raise ValueError("FILES_URL is like s3://key:secret@host/bucket?region=eu-west-3")
    scheme = "http" if query.get("tls") == ["0"] else "https"
    options = {
        "access_key": unquote(parts.username or ""),
        "secret_key": unquote(parts.password or ""),
        "bucket_name": bucket,
        "endpoint_url": f"{scheme}://{parts.hostname}{f':{parts.port}' if parts.port else ''}",
        "region_name": query.get("region", ["us-east-1"])[0],
        "default_acl": None,  # the bucket's own: private
        "file_overwrite": False,
        "querystring_auth": True,
        "addressing_style": "path",
        "signature_version": "s3v4",
    }
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}
