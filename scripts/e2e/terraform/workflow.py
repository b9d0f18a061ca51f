"""Runs the workflow that terraform/aws makes, as it stands, but for its waits."""

import json
import sys
import time

import moto

ROLE = "arn:aws:iam::123456789012:role/leeway-retrain"
REQUEST = "rt-0123456789abcdef0123456789abcdef"
EVENT = {
    "specversion": "1.0", "id": REQUEST, "source": "leeway/churn", "type": "dev.leeway.retrain.requested.v1",
    "data": {"model": "churn", "request": REQUEST, "start": "2026-01-01T00:00:00Z"},
}


def definition(path):
    """The state machine in the log of `terraform test -json -verbose`."""
    for line in open(path, encoding="utf-8"):
        state = json.loads(line).get("test_state")
        for resource in (state or {}).get("root_module", {}).get("resources", []):
            if resource["type"] == "aws_sfn_state_machine":
                return json.loads(resource["values"]["definition"])
    raise SystemExit(f"workflow: {path} has no state machine")


def quick(machine, queue):
    """The same machine with waits of a second and one retry, and a queue that is there."""
    for state in machine["States"].values():
        if state["Type"] == "Wait":
            state["Seconds"] = 1
        for retry in state.get("Retry", []):
            retry.update(IntervalSeconds=1, MaxAttempts=1)
        if "QueueUrl" in state.get("Parameters", {}):
            state["Parameters"]["QueueUrl"] = queue
    return json.dumps(machine)


def run(command, machine, pipeline):
    """Runs the machine in a cloud that has such a pipeline, and gives what came of it."""
    with moto.server(command) as url:
        sagemaker, steps, sqs = (moto.client(url, s) for s in ("sagemaker", "stepfunctions", "sqs"))
        queue = sqs.create_queue(QueueName="leeway-events")["QueueUrl"]
        sagemaker.create_pipeline(PipelineName=pipeline, PipelineDefinition="{}", ClientRequestToken="0" * 32, RoleArn=ROLE)
        arn = steps.create_state_machine(name="retrain", definition=quick(machine, queue), roleArn=ROLE)["stateMachineArn"]
        execution = steps.start_execution(stateMachineArn=arn, name=REQUEST, input=json.dumps(EVENT))["executionArn"]
        for _ in range(1200):  # ten minutes: patience for a busy machine
            status = steps.describe_execution(executionArn=execution)["status"]
            if status != "RUNNING":
                break
            time.sleep(0.5)
        runs = sagemaker.list_pipeline_executions(PipelineName=pipeline)["PipelineExecutionSummaries"]
        return status, moto.drain(sqs, queue), [r["PipelineExecutionArn"] for r in runs]


def expect(what, got, want):
    if got != want:
        raise SystemExit(f"workflow: {what}: {got!r} instead of {want!r}")


def main():
    command, path = sys.argv[1:]

    status, answers, runs = run(command, definition(path), "Churn")
    expect("a pipeline that works", status, "SUCCEEDED")
    expect("its runs", len(runs), 1)
    expect("its answers", [a["type"] for a in answers], ["dev.leeway.retrain.finished.v1"])
    expect("its answer", answers[0]["data"], {"model": "churn", "request": REQUEST, "outcome": "succeeded", "run": runs[0]})

    status, answers, runs = run(command, definition(path), "Another")
    expect("a pipeline that is not there", status, "FAILED")
    expect("its runs", runs, [])
    expect("its answers", [(a["data"]["request"], a["data"]["outcome"]) for a in answers], [(REQUEST, "failed")])
    if "Churn" not in answers[0]["data"]["error"]:
        raise SystemExit(f"workflow: the error does not say what is missing: {answers[0]['data']['error']}")

    print("workflow: 2 passed, 0 failed")


if __name__ == "__main__":
    main()
