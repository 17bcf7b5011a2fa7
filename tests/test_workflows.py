"""What GitHub runs for the project is pinned, may do little, and ends."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.y*ml"))
USES = re.compile(r"^\s*-?\s*uses:\s*(.*)$", re.MULTILINE)
PINNED = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+(\.\d+)*")


def test_there_are_two():
    assert [workflow.name for workflow in WORKFLOWS] == ["pages.yml", "test.yml"]


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_every_action_is_pinned_by_its_commit_with_its_version_beside_it(workflow):
    used = USES.findall(workflow.read_text(encoding="utf-8"))
    assert used
    assert [action for action in used if not PINNED.fullmatch(action)] == []


def test_an_action_is_of_one_version_everywhere():
    used = [action for workflow in WORKFLOWS for action in USES.findall(workflow.read_text(encoding="utf-8"))]
    assert len(set(used)) == len({action.partition("@")[0] for action in used})


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_every_job_ends_and_the_rights_are_named(workflow):
    text = workflow.read_text(encoding="utf-8")
    jobs = text.count("runs-on:")
    assert text.count("timeout-minutes:") == jobs
    assert "concurrency:" in text
    assert text.count("permissions:") in (1, jobs)
    assert "write-all" not in text
    assert "contents: write" not in text
    assert "pull_request_target" not in text


def test_what_is_deployed_was_tested_and_all_tests_have_a_workflow_of_their_own():
    pages, test = (workflow.read_text(encoding="utf-8") for workflow in WORKFLOWS)
    assert pages.index("run: make quick") < pages.index("upload-pages-artifact")
    assert "run: make test" in test
    assert "pull_request:" in test
