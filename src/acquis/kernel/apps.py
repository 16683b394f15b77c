from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig, apps


class KernelConfig(AppConfig):
    name = "acquis.kernel"
    label = "kernel"

    def ready(self) -> None:
        """Load what applications declare: jobs and deliveries in `tasks`, guards in `news`, acts in `live`."""
        import_module("acquis.kernel.media.sip.checks")
        import_module("acquis.kernel.speech.checks")
        for config in apps.get_app_configs():
            if not config.name.startswith("acquis."):
                continue
            for module in ("tasks", "news", "live"):
                if find_spec(f"{config.name}.{module}") is not None:
                    import_module(f"{config.name}.{module}")
