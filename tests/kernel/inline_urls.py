from django.http import HttpResponse
from django.urls import path

from acquis.kernel.pages import public_page

urlpatterns = [path("", public_page(lambda _: HttpResponse('<p onclick="go()">')))]
