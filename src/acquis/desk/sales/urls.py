from django.urls import path

from acquis.desk.sales import views

app_name = "sales"
urlpatterns = [
    path("", views.index, name="index"),
    path("calculs/", views.calculator, name="calculator"),
    path("produits/<int:pk>/", views.product, name="product"),
    path("commandes/<int:pk>/", views.order, name="order"),
]
