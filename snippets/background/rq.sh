SHOP_REDIS_URL=redis://127.0.0.1:6379/0 rq worker --url redis://127.0.0.1:6379/0
