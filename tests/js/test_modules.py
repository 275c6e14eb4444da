import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent


@pytest.mark.needs_node
def test_the_pages_modules_hold_their_own_tests(node_path):
    run = subprocess.run(
        [node_path, "--test", *map(str, HERE.glob("*.test.mjs"))], capture_output=True, text=True, timeout=120
    )
    assert run.returncode == 0, run.stdout
