"""An emulated AWS for one test: moto's server, stopped at the end."""

import contextlib
import json
import socket
import subprocess
import time
import urllib.request

import boto3


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def start(command):
    """Starts the server and gives it and its address, with another port if somebody else was quicker to take one."""
    for _ in range(5):
        url = f"http://127.0.0.1:{free_port()}"
        process = subprocess.Popen([command, "-H", "127.0.0.1", "-p", url.rsplit(":", 1)[1]], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(6000):
            try:
                urllib.request.urlopen(url + "/moto-api/data.json").close()
                return process, url
            except OSError:
                if process.poll() is not None:
                    break
                time.sleep(0.1)
        process.kill()
        process.wait()
    raise SystemExit("moto does not answer")


@contextlib.contextmanager
def server(command):
    """Starts the server and yields its address."""
    process, url = start(command)
    try:
        configure(url, {"stepfunctions": {"execute_state_machine": True}})
        yield url
    finally:
        process.terminate()
        process.wait()


def configure(url, settings):
    request = urllib.request.Request(url + "/moto-api/config", data=json.dumps(settings).encode(), headers={"content-type": "application/json"})
    urllib.request.urlopen(request).close()


def client(url, service):
    return boto3.client(service, endpoint_url=url, region_name="eu-west-1", aws_access_key_id="test", aws_secret_access_key="test")


def drain(sqs, queue):
    """Takes all messages out of a queue and gives their bodies."""
    bodies = []
    while True:
        messages = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
        if not messages:
            return bodies
        for message in messages:
            bodies.append(json.loads(message["Body"]))
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
