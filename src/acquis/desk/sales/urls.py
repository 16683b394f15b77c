from django.urls import path

from acquis.desk.sales import price_views, views

LIST = "grilles/<int:pk>/"
VERSION = "grilles/<int:pk>/versions/<int:rank>/"

app_name = "sales"
urlpatterns = [
    path("", views.index, name="index"),
    path("calculs/", views.calculator, name="calculator"),
    path("produits/<int:pk>/", views.product, name="product"),
    path("commandes/<int:pk>/", views.order, name="order"),
    path("grilles/", price_views.price_lists, name="price_lists"),
    path("grilles/nouvelle/", price_views.price_list_new, name="price_list_new"),
    path(LIST, price_views.price_list, name="price_list"),
    path(f"{LIST}modifier/", price_views.price_list_edit, name="price_list_edit"),
    path(f"{LIST}relue/", price_views.price_list_review, name="price_list_review"),
    path(f"{LIST}brouillon/", price_views.price_list_draft, name="price_list_draft"),
    path(VERSION, price_views.price_version, name="price_version"),
    path(f"{VERSION}lignes/", price_views.price_line_keep, name="price_line_keep"),
    path(
        f"{VERSION}lignes/<int:line>/retrait/",
        price_views.price_line_remove,
        name="price_line_remove",
    ),
    path(f"{VERSION}import/", price_views.price_lines_import, name="price_lines_import"),
    path(f"{VERSION}export/", price_views.price_lines_export, name="price_lines_export"),
    path(f"{VERSION}publier/", price_views.price_version_publish, name="price_version_publish"),
    path(f"{VERSION}retirer/", price_views.price_version_withdraw, name="price_version_withdraw"),
    path(f"{VERSION}abandonner/", price_views.price_version_discard, name="price_version_discard"),
    path(f"{VERSION}ecarts/", price_views.price_compare, name="price_compare"),
    path(f"{VERSION}imprimer/", price_views.price_print, name="price_print"),
]
