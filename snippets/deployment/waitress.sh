waitress-serve --listen=127.0.0.1:8000 --threads=4 --call snippets.deployment.shop:create_app
