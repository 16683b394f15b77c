"""The ASGI application: pages and API over HTTP, news over websockets."""

import gc
import os
import warnings

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator

from acquis.kernel import serving

# Files are read by threads on purpose: Django's remark about it would fill the log.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "acquis.config.settings.base")
# What is loaded here stays until the process ends: there is nothing to collect, neither while it loads
# (a fifth of the processor time of a start) nor afterwards (`freeze`, below), when each full look at
# these hundreds of thousands of objects would make every page wait.
gc.disable()
http = serving.application()

import acquis.config.urls  # noqa: E402, F401  loaded by the first request otherwise, which would wait
from acquis.desk.webchat.consumers import websocket_urlpatterns as visitors  # noqa: E402
from acquis.kernel.realtime import websocket_urlpatterns  # noqa: E402
from acquis.kernel.worker import with_embedded_worker  # noqa: E402

application = with_embedded_worker(
    ProtocolTypeRouter(
        {
            "http": http,
            "websocket": AllowedHostsOriginValidator(
                AuthMiddlewareStack(URLRouter([*websocket_urlpatterns, *visitors]))
            ),
        }
    )
)

gc.freeze()
gc.enable()
