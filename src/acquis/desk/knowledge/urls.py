from django.urls import path

from acquis.desk.knowledge.views import articles, keeping, readings, snippets, writing

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
    path("lectures/", readings.reading_lists, name="reading_lists"),
    path("lectures/nouvelle/", readings.reading_new, name="reading_new"),
    path("lectures/<int:pk>/", readings.reading_list, name="reading_list"),
    path("lectures/<int:pk>/lire/<int:item>/", readings.reading_item, name="reading_item"),
    path("lectures/<int:pk>/modifier/", readings.reading_edit, name="reading_edit"),
    path("lectures/<int:pk>/articles/", readings.reading_add, name="reading_add"),
    path(
        "lectures/<int:pk>/articles/<int:item>/ordre/", readings.reading_move, name="reading_move"
    ),
    path(
        "lectures/<int:pk>/articles/<int:item>/retrait/", readings.reading_drop, name="reading_drop"
    ),
    path(
        "lectures/<int:pk>/articles/<int:item>/questions/",
        readings.reading_questions,
        name="reading_questions",
    ),
    path("lectures/<int:pk>/suivi/", readings.reading_follow, name="reading_follow"),
    path("lectures/<int:pk>/relance/", readings.reading_remind, name="reading_remind"),
    path("lectures/<int:pk>/rangement/", readings.reading_archive, name="reading_archive"),
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
