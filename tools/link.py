"""Puts this checkout on the environment's path and writes its ``jiangheng`` command, without building anything."""

from __future__ import annotations

import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Write the path file and the command."""
    Path(sysconfig.get_paths()["purelib"], "jiangheng.pth").write_text(f"{ROOT}\n")
    command = Path(sysconfig.get_paths()["scripts"], "jiangheng")
    command.write_text(
        f"#!{sys.executable}\nimport sys\n\nfrom jiangheng.command.main import main\n\nsys.exit(main())\n"
    )
    command.chmod(0o755)


if __name__ == "__main__":
    main()
