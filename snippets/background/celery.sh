SHOP_REDIS_URL=redis://127.0.0.1:6379/0 celery --app snippets.background.tasks:celery_app worker
