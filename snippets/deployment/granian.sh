granian --interface wsgi --port 8000 --workers 2 --blocking-threads 4 --factory snippets.deployment.shop:create_app
