from django.urls import path

from bench.stock.admin import site
from recruitment.urls import urlpatterns as of_the_product

urlpatterns = [path("stock/", site.urls), *of_the_product]
