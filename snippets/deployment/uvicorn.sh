uvicorn --host 127.0.0.1 --port 8000 snippets.deployment.asgi:asgi_app
