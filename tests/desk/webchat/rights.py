"""Who may open each page of this application.

Pages of the desk ask for a seat in it, and those that set sites up for a supervisor besides; those
of a site's visitors are public: the key of the site and the token of the visitor open them.
"""

from typing import Literal

from acquis.accounts.enums import Role

PAGES: dict[str, set[Role] | Literal["public", "any"]] = {
    "webchat:sites": "any",
    "webchat:create": "any",
    "webchat:site": "any",
    "webchat:renew": "any",
    "webchat:typing": "any",
    "webchat:panel": "any",
    "webchat:call_backs": "any",
    "webchat:call_back": "any",
    "webchat:take": "any",
    "webchat:attempt": "any",
    "webchat:cancel": "any",
    "webchat_public:script": "public",
    "webchat_public:frame": "public",
    "webchat_public:trial": "any",
    "webchat_public:article": "public",
    "webchat_public:begin": "public",
    "webchat_public:thread": "public",
    "webchat_public:say": "public",
    "webchat_public:attach": "public",
    "webchat_public:file": "public",
    "webchat_public:ask_adviser": "public",
    "webchat_public:end": "public",
    "webchat_public:rate": "public",
    "webchat_public:transcript": "public",
    "webchat_public:read": "public",
    "call_back:ask": "public",
    "call_back:asked": "public",
    "call_back:cancel": "public",
}
