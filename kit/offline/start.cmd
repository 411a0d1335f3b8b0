@echo off
chcp 65001 >nul
cd /d "%~dp0"
py -@PYTHON@ -c "" 2>nul && (
  py -@PYTHON@ start.py %*
  if errorlevel 1 pause
  exit /b
)
python -c "import sys; sys.exit('%%d.%%d' %% sys.version_info[:2] != '@PYTHON@')" 2>nul && (
  python start.py %*
  if errorlevel 1 pause
  exit /b
)
echo Python @PYTHON@ is needed, and is not on this computer.
echo Il faut Python @PYTHON@, qui n'est pas sur cet ordinateur.
for %%f in (python-@PYTHON@*.exe) do (
  echo Its installer opens now. When it is done, double-click start.cmd again.
  echo Son programme d'installation s'ouvre. Ensuite, double-cliquez de nouveau sur start.cmd.
  "%%f"
  goto end
)
:end
pause
