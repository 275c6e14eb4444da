"""Private files in a bucket that speaks S3, as in a folder: a real server, over the network."""

import io

import boto3
import pytest
from django.core.files.storage import default_storage
from moto.server import ThreadedMotoServer

from leads import uploads
from recruitment.private_files import private_storage

PDF = b"%PDF-1.7\n%%EOF"


@pytest.fixture(scope="module")
def bucket():
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    keys = {"aws_access_key_id": "key", "aws_secret_access_key": "secret", "region_name": "us-east-1"}
    boto3.client("s3", endpoint_url=f"http://{host}:{port}", **keys).create_bucket(Bucket="files")
    yield f"s3://key:secret@{host}:{port}/files?tls=0"
    server.stop()


@pytest.fixture
def _in_the_bucket(settings, bucket, tmp_path):
    settings.STORAGES = settings.STORAGES | {"default": private_storage(bucket, tmp_path)}


@pytest.mark.slow
@pytest.mark.either
@pytest.mark.usefixtures("_in_the_bucket")
def test_a_document_is_kept_read_and_removed_in_the_bucket():
    name = uploads.keep(io.BytesIO(PDF), len(PDF))
    assert uploads.names_in(uploads.FOLDER) == [name]
    with default_storage.open(name) as kept:
        assert kept.read() == PDF
    uploads.remove(name)
    assert uploads.names_in(uploads.FOLDER) == []


@pytest.mark.parametrize("url", ["s3://", "s3://host", "s3://host/a/b", "file:///tmp", "https://host/bucket"])
def test_an_address_that_names_no_bucket_is_refused(url, tmp_path):
    with pytest.raises(ValueError, match="FILES_URL"):
        private_storage(url, tmp_path)


def test_without_an_address_files_are_in_the_folder(tmp_path):
    assert private_storage("", tmp_path)["OPTIONS"] == {"location": tmp_path}
