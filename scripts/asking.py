"""Questions on a terminal: one for each value that was not given, again until the answer is right."""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Question:
    """One value that is needed: the option that gives it, what it is, and what would be wrong with an answer, line by line."""

    option: str
    about: str
    wrong: Callable[[str], Sequence[str]]
    allowed: Sequence[str] = ()
    """Where only these are right."""
    usual: str = ""
    """The answer that an empty line is."""


def terminal() -> bool:
    """Whether there is somebody to ask."""
    return sys.stdin.isatty()


def answers(questions: Mapping[str, Question]) -> dict[str, str]:
    """The answer to each, by the name of the question. Raises EOFError when there are no more."""
    return {name: _answer(question) for name, question in questions.items()}


def missing(questions: Sequence[Question]) -> str:
    """What to say where nobody can be asked: every option with what it is."""
    widest = max(len(question.option) for question in questions)
    return "\n".join(f"  {question.option:{widest}}  {_described(question)}" for question in questions)


def _answer(question: Question) -> str:
    print(f"\n{_described(question)}")
    prompt = f"{question.option} [{question.usual}]: " if question.usual else f"{question.option}: "
    while True:
        answer = input(prompt).strip() or question.usual
        wrong = question.wrong(answer)
        if not wrong:
            return answer
        print("\n".join(wrong))


def _described(question: Question) -> str:
    return f"{question.about} One of {', '.join(question.allowed)}." if question.allowed else question.about
