"""What the lessons ask beyond code: predictions and short answers.

`kinds` says what a question is; lesson_0 to lesson_6 have the questions themselves, each with its text and its answer.
A question of one's own is made with Number, Choice, Cells, Term or Symbol, and given to widgets.ask.
"""

from mlpkit.quiz.kinds import GAP, Cells, Choice, NotRead, Number, Question, Term
from mlpkit.quiz.lesson_0 import LESSON_0
from mlpkit.quiz.lesson_1 import LESSON_1
from mlpkit.quiz.lesson_2 import LESSON_2
from mlpkit.quiz.lesson_3 import LESSON_3
from mlpkit.quiz.lesson_4 import LESSON_4
from mlpkit.quiz.lesson_5 import LESSON_5
from mlpkit.quiz.lesson_6 import LESSON_6
from mlpkit.quiz.symbols import Symbol

LESSONS = (LESSON_0, LESSON_1, LESSON_2, LESSON_3, LESSON_4, LESSON_5, LESSON_6)
QUESTIONS = {question.name: question for lesson in LESSONS for question in lesson}
LESSON_OF = {question.name: number for number, lesson in enumerate(LESSONS) for question in lesson}


def question(name: str) -> Question:
    """The question of that name, or ValueError."""
    if name not in QUESTIONS:
        raise ValueError(f"there is no question {name!r}: take one of {', '.join(map(repr, QUESTIONS))}")
    return QUESTIONS[name]


def require_own(question: Question) -> None:
    """Raises ValueError with one sentence where a question that is not in these files cannot be asked."""
    if not isinstance(question, Question):
        raise ValueError(
            f"{question!r} is no question: give the name of one, or make one with quiz.Number, Choice, Cells, Term or "
            "Symbol"
        )
    question.require_usable()
    if QUESTIONS.get(question.name, question) is not question:
        raise ValueError(
            f"there is a question {question.name!r} in lesson {LESSON_OF[question.name]}: take another name, since the "
            "record knows a question by its name"
        )


__all__ = [
    "GAP",
    "LESSONS",
    "LESSON_OF",
    "QUESTIONS",
    "Cells",
    "Choice",
    "NotRead",
    "Number",
    "Question",
    "Symbol",
    "Term",
    "question",
    "require_own",
]
