"""Tipsheet's one entry: everything it does is a command of `pipeline.cli`."""

from pipeline.cli import main

if __name__ == "__main__":
    main()
