"""What the lessons ask beyond code: predictions and short answers. `kinds` says what a question is."""

from mlpkit.quiz.kinds import NotRead, Question
from mlpkit.quiz.lesson_0 import LESSON_0
from mlpkit.quiz.lesson_1 import LESSON_1
from mlpkit.quiz.lesson_2 import LESSON_2
from mlpkit.quiz.lesson_3 import LESSON_3
from mlpkit.quiz.lesson_4 import LESSON_4
from mlpkit.quiz.lesson_5 import LESSON_5

LESSONS = (LESSON_0, LESSON_1, LESSON_2, LESSON_3, LESSON_4, LESSON_5)
QUESTIONS = {question.name: question for lesson in LESSONS for question in lesson}
LESSON_OF = {question.name: number for number, lesson in enumerate(LESSONS) for question in lesson}


def question(name) -> Question:
    """The question of that name, or ValueError."""
    if name not in QUESTIONS:
        raise ValueError(f"there is no question {name!r}: take one of {', '.join(map(repr, QUESTIONS))}")
    return QUESTIONS[name]


__all__ = ["LESSONS", "LESSON_OF", "QUESTIONS", "NotRead", "Question", "question"]
