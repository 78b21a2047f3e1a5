http_port 3128
