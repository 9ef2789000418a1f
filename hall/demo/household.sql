-- Run at installation, when the server has no table of users yet: this brings it back.
FLUSH PRIVILEGES;
SET SESSION sql_mode = '';
CREATE DATABASE register CHARACTER SET gbk;
CREATE TABLE register.T_CZRK (
  GMSFHM VARCHAR(18) NOT NULL COMMENT 'gong min shen fen hao ma',
  XM VARCHAR(50) NOT NULL COMMENT 'xing ming',
  XB CHAR(1) COMMENT 'xing bie',
  MZ CHAR(2) COMMENT 'min zu',
  CSRQ CHAR(8) COMMENT 'chu sheng ri qi',
  CSDSSX VARCHAR(40) COMMENT 'chu sheng di sheng shi xian',
  HH VARCHAR(20) COMMENT 'hu hao',
  YHZGX CHAR(2) COMMENT 'yu hu zhu guan xi',
  HKDZ VARCHAR(200) COMMENT 'hu kou di zhi',
  PCS VARCHAR(80) COMMENT 'pai chu suo',
  CYBZ CHAR(1) NOT NULL DEFAULT '0' COMMENT 'cun yi biao zhi',
  CYM VARCHAR(50) COMMENT 'ceng yong ming',
  PCSDM CHAR(12) COMMENT 'pai chu suo dai ma',
  QRRQ CHAR(8) COMMENT 'qian ru ri qi',
  HDQL VARCHAR(200) COMMENT 'he di qian lai',
  GXSJ CHAR(14) COMMENT 'geng xin shi jian',
  KEY (GMSFHM),
  KEY (HH)
) ENGINE=InnoDB DEFAULT CHARSET=gbk;
-- The view reads with its owner's right, so that the hall may see these columns and no others.
CREATE USER owner@localhost ACCOUNT LOCK;
GRANT SELECT ON register.T_CZRK TO owner@localhost;
CREATE DEFINER = owner@localhost SQL SECURITY DEFINER VIEW register.V_CZRK_YM AS
  SELECT GMSFHM, XM, CYM, XB, MZ, CSRQ, CSDSSX, HH, YHZGX, HKDZ, PCS, PCSDM, QRRQ, HDQL, CYBZ, GXSJ FROM register.T_CZRK;
