"""What an exchange shows of a long mail, which stands whole beside it."""

from acquis.desk.conversations.policy import LONGEST_MESSAGE


def shortened(text: str) -> str:
    return text if len(text) <= LONGEST_MESSAGE else text[: LONGEST_MESSAGE - 2] + " …"
