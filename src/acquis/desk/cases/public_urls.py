"""What a customer reaches by the link of a question of satisfaction: no seat, no account."""

from django.urls import path

from acquis.desk.cases.views import answering

app_name = "opinion"
urlpatterns = [path("<slug:key>/", answering.answer, name="answer")]
