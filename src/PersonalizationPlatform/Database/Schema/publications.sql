insert into epoch values ('publications', 1);
