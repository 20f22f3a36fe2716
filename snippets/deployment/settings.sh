gunicorn --config snippets/deployment/gunicorn_settings.py
