"""Copies that leave the machine: an object store stands in the one network from which they go, and nothing of them can be read there."""

from shell import docker
from steps import claim

PYTHON = "python:3.13-slim"
IMAGE = "e2e/object-store"
# A store that speaks S3, from PyPI; it takes any key.
BUILD = f"""FROM {PYTHON}
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir 'moto[server]==5.2.5'
ENV PATH=/venv/bin:$PATH
CMD ["moto_server", "-H", "0.0.0.0", "-p", "5000"]
"""
ASK = "import boto3; store = boto3.client('s3', endpoint_url='http://localhost:5000', aws_access_key_id='any', aws_secret_access_key='any', region_name='us-west-2'); "
MAKE = ASK + "store.create_bucket(Bucket='{bucket}', CreateBucketConfiguration={{'LocationConstraint': 'us-west-2'}})"
READ = ASK + ("[print(each['Key'], store.get_object(Bucket='{bucket}', Key=each['Key'])['Body'].read()[:5]) "
              "for each in store.list_objects_v2(Bucket='{bucket}').get('Contents', [])]")
# What the source says of the store, and what it says here.
PUBLIC = 'RCLONE_S3_PROVIDER = "AWS"'
OWN = 'RCLONE_S3_PROVIDER = "Minio", RCLONE_S3_ENDPOINT = "http://store:5000"'


def settings(project):
    """The copy of an example names the stand-in of its object store."""
    project.change("main.stack", PUBLIC, OWN, "the object store is http://store:5000")


class Store:
    """The object store in the network of what brings copies away."""

    def __init__(self, composition, service, bucket):
        self.composition = composition
        self.service = service
        self.bucket = bucket
        self.container = None

    def __enter__(self):
        docker("build", "--quiet", "--tag", IMAGE, "-", stdin=BUILD, limit=300)
        short = self.composition.config["services"][f"{self.service}-offsite"]["networks"]
        network = self.composition.config["networks"][next(iter(short))]["name"]
        self.container = docker("run", "--detach", "--network", network, "--network-alias", "store", IMAGE).strip()
        docker("exec", self.container, "sh", "-c", "for _ in $(seq 60); do python -c 'import socket; socket.create_connection((\"localhost\", 5000))' && exit; sleep 0.5; done; exit 1")
        docker("exec", self.container, "python", "-c", MAKE.format(bucket=self.bucket))
        return self

    def __exit__(self, *_):
        docker("rm", "--force", self.container, check=False)

    def content(self):
        """Names and first bytes of all objects."""
        return docker("exec", self.container, "python", "-c", READ.format(bucket=self.bucket))


def leaves_and_comes_back(data, bucket):
    """A copy goes to the store sealed, is lost here, is brought back and put back."""
    name, before = data.is_copied(), data.rows()
    with Store(data.composition, data.service, bucket) as store:
        data.ops("offsite", data.service, "push")
        claim(name in data.ops("offsite", data.service, "list").split(), f"{name} is not in the store")
        content = store.content()
        claim(content and data.service not in content.lower().replace("rclone", "") and "PGDMP" not in content, f"the store can be read: {content[:300]}")
        data.composition.compose("exec", "--no-TTY", data.job, "rm", f"{data.folder}/{name}")
        claim(name not in data.copies(), f"{name} was not removed")
        missing = data.ops("offsite", data.service, "fetch", "nothing.dump", check=False)
        claim(missing.returncode != 0, "a copy that is not there was fetched")
        data.ops("offsite", data.service, "fetch", name)
    data.ops("restore", data.service, name, "--yes", limit=300)
    claim(data.rows() == before, "the copy that came back is another")
