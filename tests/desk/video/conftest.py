from tests.desk.phone.conftest import committed, media

__all__ = ["committed", "media"]
