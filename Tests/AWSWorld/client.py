"""A world for a test in Python: `with World() as world`. Its API through boto3, its control through `ask` and `tell`."""

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request

import boto3
from botocore.config import Config

HERE = os.path.dirname(os.path.abspath(__file__))


class World:
    def __enter__(self):
        self.process = subprocess.Popen(
            [sys.executable, "-B", f"{HERE}/main.py"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("the world did not start")
        self.ready = json.loads(line)
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()

    def client(self, service, **options):
        return boto3.client(
            service, endpoint_url=f"http://127.0.0.1:{self.ready['port']}", region_name="us-east-1", aws_access_key_id="x",
            aws_secret_access_key="x", config=Config(**({"retries": {"total_max_attempts": 1}} | options)))

    def ask(self, verb):
        return self._http("GET", verb, None)

    def tell(self, verb, **body):
        return self._http("POST", verb, body)

    def _http(self, method, verb, body):
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.ready['control']}/{verb}", method=method, data=json.dumps(body).encode() if body is not None else None)
        try:
            with urllib.request.urlopen(request) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise RuntimeError(error.read().decode()) from None
