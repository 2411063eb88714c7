"""Check the proofs in Coq: compile them, print each theorem with its axioms, store the axioms.

    python3 -m tools.proofs

Every `Theorem` in proofs/*.v is printed. Any axiom that is not in ALLOWED is an error, and so is
`Admitted`. The command needs only Python and the Debian packages named in PACKAGES.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

PROOFS = Path(__file__).parents[1] / "proofs"
AXIOMS = PROOFS / "axioms.txt"
# Each file comes after the files that it imports.
FILES = (PROOFS / "_CoqProject").read_text(encoding="utf-8").split()
PACKAGES = "coq libcoq-mathcomp-algebra libcoq-mathcomp-algebra-tactics libcoq-mathcomp-analysis"
# The axioms used by Coq's libraries for real numbers: classical logic, functional extensionality
# and choice.
ALLOWED = {
    "Classical_Prop.classic": "excluded middle",
    "ClassicalDedekindReals.sig_forall_dec": "excluded middle for a sequence",
    "ClassicalDedekindReals.sig_not_dec": "excluded middle for a negation",
    "FunctionalExtensionality.functional_extensionality_dep": "functional extensionality",
    "Epsilon.epsilon_statement": "choice",
}


def theorems(file: str) -> list[str]:
    """Names of the theorems in a file, in order."""
    text = (PROOFS / file).read_text(encoding="utf-8")
    return re.findall(r"^Theorem (\w+)", text, re.MULTILINE)


def coqc(file: str) -> str:
    """Compile a file, and return Coq's output."""
    command = ["coqc", "-q", "-w", "none", file]
    done = subprocess.run(command, cwd=PROOFS, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"proofs/{file} does not compile:\n{done.stderr}")
    return done.stdout


def axioms(names: list[str], modules: list[str]) -> dict[str, set[str]]:
    """Print each theorem as Coq states it, and return the axioms of each."""
    query = PROOFS / "Query.v"
    lines = [
        f"Require Import {' '.join(modules)}.",
        "From mathcomp Require Import all_ssreflect all_algebra.",
        "Local Open Scope ring_scope.",
    ]
    for name in names:
        lines += [f"Check {name}.", f'Redirect "Query.{name}" Print Assumptions {name}.']
    query.write_text("\n".join(lines) + "\n", encoding="utf-8")
    found = {}
    try:
        print(coqc(query.name))
        for name in names:
            text = (PROOFS / f"Query.{name}.out").read_text(encoding="utf-8")
            found[name] = set(re.findall(r"^([\w.]+)(?=\s*:)", text, re.MULTILINE)) - {"Axioms"}
    finally:
        for path in [*PROOFS.glob("Query.*"), *PROOFS.glob(".Query.*")]:
            path.unlink()
    return found


def main() -> None:
    if shutil.which("coqc") is None:
        sys.exit(f"coqc was not found; on Debian 12 or 13: apt-get install {PACKAGES}  # 1.6 GB")
    for file in FILES:
        print(f"proofs/{file}")
        coqc(file)
    names = {f"{file[:-2]}.{name}": file for file in FILES for name in theorems(file)}
    found = axioms([*names], [file[:-2] for file in FILES])
    lines = []
    for name, used in found.items():
        if new := used - set(ALLOWED):
            sys.exit(f"{name} uses axioms that are not allowed: {', '.join(sorted(new))}")
        lines.append(f"- `{name}`: {', '.join(sorted({ALLOWED[a] for a in used})) or 'none'}")
    text = "\n".join(lines) + "\n"
    print(text)
    if not AXIOMS.is_file() or text != AXIOMS.read_text(encoding="utf-8"):
        AXIOMS.write_text(text, encoding="utf-8")
        sys.exit("proofs/axioms.txt has changed: review it and commit it")


if __name__ == "__main__":
    main()
