from django.urls import path

from acquis.desk.knowledge.views import articles, keeping, snippets, writing

app_name = "knowledge"
urlpatterns = [
    path("", articles.index, name="index"),
    path("volet/", articles.pane, name="pane"),
    path("volet/sans-reponse/", articles.missed, name="missed"),
    path("reponses/", snippets.snippet_list, name="snippets"),
    path("reponses/choix/", snippets.snippet_choices, name="snippet_choices"),
    path("reponses/nouvelle/", snippets.snippet_new, name="snippet_new"),
    path("reponses/<int:pk>/", snippets.snippet, name="snippet"),
    path("reponses/<int:pk>/retrait/", snippets.snippet_remove, name="snippet_remove"),
    path("relecture/", writing.remarks, name="remarks"),
    path("tenue/", keeping.keeping, name="keeping"),
    path("tenue/synonymes/", keeping.synonyms, name="synonyms"),
    path("tenue/synonymes/<int:pk>/retrait/", keeping.synonyms_remove, name="synonyms_remove"),
    path("tenue/recherches/<int:pk>/reglee/", keeping.settle, name="settle"),
    path("nouveau/", keeping.new, name="new"),
    path("apercu/", keeping.preview, name="preview"),
    path("<slug:slug>/", articles.article, name="article"),
    path("<slug:slug>/volet/", articles.read, name="read"),
    path("<slug:slug>/ouverture/", articles.opened, name="opened"),
    path("<slug:slug>/utile/", articles.voted, name="vote"),
    path("<slug:slug>/ecrire/", keeping.edit, name="edit"),
    path("<slug:slug>/publier/", keeping.publish, name="publish"),
    path("<slug:slug>/abandonner/", keeping.discard, name="discard"),
    path("<slug:slug>/retirer/", keeping.withdraw, name="withdraw"),
    path("<slug:slug>/relu/", keeping.review, name="review"),
    path("<slug:slug>/versions/", keeping.versions, name="versions"),
    path("<slug:slug>/versions/<int:rank>/reprendre/", keeping.restore, name="restore"),
]
