import pytest
from tests.factories import council as make
pytestmark = pytest.mark.django_db
def test_x():
    s = make.season(candidates=40, routes=("training","training","training","vae"))
    p = make.written(s)
    import json
    print(json.dumps(p.data, indent=0)[:6000])
    open("/tmp/x.pdf","wb").write(p.file.open().read())
