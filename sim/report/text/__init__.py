"""What a report says: sentences and tables, in Japanese and English."""
