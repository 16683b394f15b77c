"""Pages with the faults that the harness must catch."""

from django.http import HttpResponse
from django.urls import path

from acquis.accounts.models import User
from acquis.kernel.pages import public_page


@public_page
def inline(request):
    return HttpResponse('<p onclick="go()">')


@public_page
def query_a_row(request):
    return HttpResponse([list(user.memberships.all()) for user in User.objects.all()])


urlpatterns = [path("", inline), path("lignes/", query_a_row)]
