from django.urls import path

from acquis.desk.knowledge.views import articles, snippets, writing

app_name = "knowledge"
urlpatterns = [
    path("", articles.index, name="index"),
    path("reponses/", snippets.snippet_list, name="snippets"),
    path("reponses/choix/", snippets.snippet_choices, name="snippet_choices"),
    path("reponses/nouvelle/", snippets.snippet_new, name="snippet_new"),
    path("reponses/<int:pk>/", snippets.snippet, name="snippet"),
    path("reponses/<int:pk>/retrait/", snippets.snippet_remove, name="snippet_remove"),
    path("relecture/", writing.remarks, name="remarks"),
    path("<slug:slug>/", articles.article, name="article"),
    path("<slug:slug>/ouverture/", articles.opened, name="opened"),
]
