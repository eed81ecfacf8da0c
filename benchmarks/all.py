"""Run every benchmark and print its figures."""

import runpy
from pathlib import Path

if __name__ == "__main__":
    for script in sorted(Path(__file__).parent.glob("*.py")):
        if script.name != "all.py":
            print(f"{script.stem}:")
            runpy.run_path(str(script), run_name="__main__")
